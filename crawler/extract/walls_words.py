"""What walls say, in the languages of our sources: titles, phrases, controls, addresses, marks.

All words are in the form ``bare`` gives: lower case, letters and digits alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files

_WORD = re.compile(r"[^\W_]+")
_QUOTES = "'’‘ʼ`´\u00ad"


def bare(text: str) -> str:
    """Lower-case words and numbers with single spaces; apostrophes vanish."""
    text = text.casefold()
    for quote in _QUOTES:  # str.translate takes twenty times as long
        text = text.replace(quote, "")
    return " ".join(_WORD.findall(text))


def words_of(text: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(text.split())


def _said() -> Mapping[str, frozenset[str]]:
    """The sections of walls_words.txt."""
    text = (files("crawler.extract") / "walls_words.txt").read_text("utf-8")
    found: dict[str, set[str]] = {}
    section: set[str] = set()
    for line in text.splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[] "), set())
        elif line.strip() and not line.startswith("#"):
            section.add(bare(line))
    return {name: frozenset(lines) for name, lines in found.items()}


_SAID = _said()


# -- checks for robots ------------------------------------------------------------------------

BOT_TITLES = _SAID["bot titles"]
BOT_PHRASES = _SAID["bot phrases"]
# In the markup as it stands, lower case: what the usual services leave there.
BOT_MARKS = (
    "/cdn-cgi/challenge-platform/", "_cf_chl_opt", "cf-challenge", "cf-turnstile",
    "challenges.cloudflare.com", "cf-error-details", "g-recaptcha", "h-captcha", "hcaptcha.com",
    "captcha-delivery.com", "_incapsula_resource", "px-captcha", "/_sec/cp_challenge",
    "errors.edgesuite.net", "awswafintegration", "awswaf.com", "ddos-guard", "sucuri.net",
    "/.within.website/", "friendlycaptcha", "frc-captcha", "altcha-widget", "mtcaptcha",
    "/.well-known/vercel/security/", "/_fs-ch-", "distil_r_captcha", "id=\"captcha",
)  # fmt: skip
# Header, and what its value must contain: the service itself says so.
BOT_HEADERS = (
    ("cf-mitigated", "challenge"), ("x-amzn-waf-action", "captcha"),
    ("x-amzn-waf-action", "challenge"), ("x-vercel-mitigated", "challenge"),
)  # fmt: skip
# What a check speaks of besides; robots and people are what news are about.
BOT_SUBJECTS = re.compile(r"captcha|javascript|cookie|browser|navigateur|navegador")
BOT_STATUSES = (202, 401, 403, 405, 406, 429, 503)

# -- logins -----------------------------------------------------------------------------------

LOGIN_TITLES = _SAID["login titles"]
LOGIN_PHRASES = _SAID["login phrases"]
LOGIN_SUBJECTS = re.compile(
    r"\blog ?(in|on|ind|på)\b|\blogge? (ind|inn)\b|\blogga in|\bsign ?in\b|passwor[dt]|"
    r"kennwort|adgangskode|wachtwoord|lösenord|mot de passe|contraseña|\bhasł|\baccount\b|"
    r"benutzerkonto|(votre|un) compte|anmelden|einlogg|eingeloggt|connecter|connecté\b|"
    r"inlogg|aanmelden|accedi\b|iniciar sesión|zaloguj|zalogować|logowan"
)
LOGIN_PATHS = words_of(
    "login log-in logon signin sign-in anmelden anmeldung einloggen sso saml oauth oauth2 auth "
    "authorize connexion identification se-connecter log-ind logind inloggen logga-in accedi "
    "iniciar-sesion zaloguj logowanie wp-login.php login.php login.html login.aspx"
)

# -- questions for consent --------------------------------------------------------------------

CONSENT_TITLES = _SAID["consent titles"]
CONSENT_DEMANDS = _SAID["consent demands"]
CONSENT_SUBJECTS = re.compile(
    r"cookie|consent|gdpr|rgpd|dsgvo|avg\b|tracking|privacy|privatsph|datenschutz|einwillig|"
    r"zustimm|personenbezogen|personal data|données personnelles|vie privée|samtykke|"
    r"personoplysning|privatliv|toestemming|persoonsgegevens|samtycke|personuppgift|"
    r"dati personali|datos personales|zgod[aęy]|dane osobowe"
)
ACCEPTING = re.compile(
    r"\b(accept\w*|agree|allow all|akzeptier\w*|zustimmen|einverstanden|annehmen|erlauben|"
    r"accepter\w*|jaccepte|tillad\w*|godkend\w*|akkoord|toestaan|accett\w*|acept\w*|godkänn\w*|"
    r"acceptera|akceptuj\w*|zgadzam|souhlas\w*)\b"
)
CONSENT_PATHS = re.compile(
    r"consent|cookie-?wall|cookiewall|privacy-?(gate|wall|choice)|zustimmung|einwilligung|samtykke"
)

# -- pages that are not there -----------------------------------------------------------------

MISSING_HEADINGS = _SAID["missing headings"]
MISSING_PHRASES = _SAID["missing phrases"]
MISSING_CLASSES = words_of(
    "error404 error-404 error_404 page-404 page404 http404 not-found page-not-found "
    "is-404 template-404 error-page"
)
MISSING_PATHS = re.compile(
    r"(^|/)(404|not-?found|page-?not-?found|seite-nicht-gefunden|nicht-gefunden|page-introuvable|"
    r"siden-findes-ikke|error-?404|fehler-?404|404-\w+)(\.\w{2,5})?/?$"
)
