"""Colleagues who coach, by consent and with time agreed: who fits whom, questions and answers, contested scores, coverage."""
