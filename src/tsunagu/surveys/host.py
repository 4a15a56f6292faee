KIND = "survey"


class SurveyHost:
    pass
