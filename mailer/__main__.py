"""The verbs an operator types."""


def main() -> None: ...
