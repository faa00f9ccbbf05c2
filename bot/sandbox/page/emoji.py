"""The emoji this workspace knows: Slack's short name -> character, in the groups the picker shows."""

GROUPS: dict[str, dict[str, str]] = {
    "Often used": {
        "tada": "🎉", "muscle": "💪", "bulb": "💡", "raised_hands": "🙌", "+1": "👍", "eyes": "👀",
        "heart": "❤️", "white_check_mark": "✅", "rocket": "🚀", "pray": "🙏",
    },
    "Faces": {
        "smile": "😄", "grinning": "😀", "slightly_smiling_face": "🙂", "wink": "😉", "joy": "😂",
        "sweat_smile": "😅", "heart_eyes": "😍", "star-struck": "🤩", "sunglasses": "😎", "nerd_face": "🤓",
        "thinking_face": "🤔", "neutral_face": "😐", "grimacing": "😬", "worried": "😟", "cry": "😢",
        "sob": "😭", "scream": "😱", "exploding_head": "🤯", "partying_face": "🥳", "hugging_face": "🤗",
        "zzz": "💤",
    },
    "Hands and people": {
        "-1": "👎", "clap": "👏", "wave": "👋", "ok_hand": "👌", "point_up": "☝️", "point_right": "👉",
        "handshake": "🤝", "fist": "✊", "v": "✌️", "crossed_fingers": "🤞", "speech_balloon": "💬",
        "bust_in_silhouette": "👤", "busts_in_silhouette": "👥", "technologist": "🧑‍💻", "brain": "🧠",
    },
    "Work": {
        "dart": "🎯", "chart_with_upwards_trend": "📈", "chart_with_downwards_trend": "📉",
        "bar_chart": "📊", "calendar": "📅", "spiral_calendar_pad": "🗓️", "clipboard": "📋", "memo": "📝",
        "pencil2": "✏️", "pushpin": "📌", "round_pushpin": "📍", "paperclip": "📎", "link": "🔗",
        "mag": "🔍", "gear": "⚙️", "wrench": "🔧", "bug": "🐛", "package": "📦", "books": "📚",
        "book": "📖", "bell": "🔔", "no_bell": "🔕", "email": "✉️", "lock": "🔒", "key": "🔑",
        "hourglass": "⌛", "hourglass_flowing_sand": "⏳", "alarm_clock": "⏰", "stopwatch": "⏱️",
        "megaphone": "📣", "mega": "📣", "loudspeaker": "📢", "seedling": "🌱", "sos": "🆘",
        "checkered_flag": "🏁", "triangular_flag_on_post": "🚩", "construction": "🚧",
        "building_construction": "🏗️", "repeat": "🔁", "arrows_counterclockwise": "🔄",
    },
    "Signs": {
        "heavy_check_mark": "✔️", "x": "❌", "warning": "⚠️", "no_entry": "⛔", "question": "❓",
        "exclamation": "❗", "information_source": "ℹ️", "large_green_circle": "🟢",
        "large_yellow_circle": "🟡", "large_orange_circle": "🟠", "red_circle": "🔴",
        "large_blue_circle": "🔵", "white_circle": "⚪", "black_circle": "⚫", "large_green_square": "🟩",
        "large_yellow_square": "🟨", "large_red_square": "🟥", "white_large_square": "⬜", "arrow_up": "⬆️",
        "arrow_down": "⬇️", "arrow_right": "➡️", "arrow_left": "⬅️", "arrow_upper_right": "↗️",
        "arrow_lower_right": "↘️", "small_red_triangle": "🔺", "small_red_triangle_down": "🔻",
        "pause_button": "⏸️", "heavy_plus_sign": "➕", "heavy_minus_sign": "➖", "100": "💯", "zero": "0️⃣",
        "one": "1️⃣", "two": "2️⃣", "three": "3️⃣",
    },
    "Things": {
        "star": "⭐", "star2": "🌟", "sparkles": "✨", "fire": "🔥", "zap": "⚡", "boom": "💥",
        "trophy": "🏆", "medal": "🏅", "sports_medal": "🏅", "first_place_medal": "🥇", "gift": "🎁",
        "balloon": "🎈", "confetti_ball": "🎊", "clinking_glasses": "🥂", "birthday": "🎂", "coffee": "☕",
        "pizza": "🍕", "palm_tree": "🌴", "beach_with_umbrella": "🏖️", "airplane": "✈️", "house": "🏠",
        "sunny": "☀️", "cloud": "☁️", "rainbow": "🌈", "snowflake": "❄️", "ocean": "🌊", "mountain": "⛰️",
        "compass": "🧭", "telescope": "🔭", "microscope": "🔬", "green_heart": "💚", "blue_heart": "💙",
        "yellow_heart": "💛", "robot_face": "🤖", "turtle": "🐢", "unicorn_face": "🦄", "owl": "🦉",
    },
}  # fmt: skip

_ALIASES = {"thumbsup": "+1", "thumbsdown": "-1", "white-check-mark": "white_check_mark", "thinking": "thinking_face"}
_SKIN_TONES = {"2": "🏻", "3": "🏼", "4": "🏽", "5": "🏾", "6": "🏿"}
_TAKES_SKIN_TONE = frozenset(
    {"muscle", "raised_hands", "+1", "-1", "pray", "clap", "wave", "ok_hand", "point_up", "point_right", "fist", "v"}
)

CHARACTERS: dict[str, str] = {name: char for group in GROUPS.values() for name, char in group.items()}


def canonical(name: str) -> str:
    """The name Slack's own events use: `thumbsup` is reported as `+1`; a skin tone suffix stays."""
    base, tone_mark, tone = name.partition("::skin-tone-")
    return _ALIASES.get(base, base) + tone_mark + tone


TONES = {
    "": "Default",
    "2": "Light",
    "3": "Medium-light",
    "4": "Medium",
    "5": "Medium-dark",
    "6": "Dark",
}
"""Slack's skin tones by the number in `::skin-tone-N`."""


def in_words(name: str) -> str:
    """The name as it is read out: `raised hands, medium skin tone`."""
    base, _, tone = name.partition("::skin-tone-")
    words = base.replace("_", " ")
    return f"{words}, {TONES[tone].lower()} skin tone" if tone in TONES and tone else words


def in_tones(name: str) -> list[str]:
    """The character in every tone of `TONES`; empty for emoji that have only one."""
    if name not in _TAKES_SKIN_TONE:
        return []
    return [character(f"{name}::skin-tone-{tone}" if tone else name) or "" for tone in TONES]


def character(name: str) -> str | None:
    """The character for a short name (`tada`, `+1::skin-tone-3`), or None when this workspace has no such emoji."""
    base, _, tone = canonical(name).partition("::skin-tone-")
    found = CHARACTERS.get(base)
    if found is None or not tone or base not in _TAKES_SKIN_TONE:
        return found
    return found.removesuffix("\ufe0f") + _SKIN_TONES.get(tone, "")
