"""Names of the months in several languages."""

from __future__ import annotations

# Month names and usual abbreviations; Korean, Chinese and Japanese number their months.
_MONTHS = (
    "january jan enero janvier januar gennaio janeiro января",
    "february feb febrero février fevrier februar febbraio fevereiro февраля",
    "march marzo mars märz março марта",
    "april apr abril avril aprile апреля",
    "may mayo mai maggio maio мая",
    "june junio juin juni giugno junho июня",
    "july julio juillet juli luglio julho июля",
    "august aug agosto août августа",
    "september sept sep septiembre septembre settembre setembro сентября",
    "october oct octubre octobre oktober ottobre outubro октября",
    "november nov noviembre novembre novembro ноября",
    "december dec diciembre décembre dezember dicembre dezembro декабря",
)
MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
# English months that are common words in small letters ("sept" is French for seven).
ONLY_CAPITAL = {"may", "march", "sept"}
