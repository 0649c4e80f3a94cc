// Times in the reader's own zone; the absolute time stays in the title. Pages work without this.
"use strict";
const spoken = document.documentElement.lang;
const format = new Intl.DateTimeFormat(spoken === "en" ? "en-GB" : spoken, {
  day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
});
for (const one of document.querySelectorAll("time[datetime]")) {
  const moment = new Date(one.dateTime);
  if (one.dateTime.length > 10 && !Number.isNaN(moment.valueOf())) {
    one.textContent = format.format(moment);
  }
}
