"""The nouns of Clusterwatch: frozen dataclasses, standard library only."""
