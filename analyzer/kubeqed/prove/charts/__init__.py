"""Properties of a chart at any values: proved, refuted with values, or dependent on what is named.

`questions` states what should be of the objects that `build/helm/symbolic` makes of the templates, `matching` when one object meets
another, `judging` decides with the decision diagrams of the conditions, and `witness` searches for values that break a property.
What it finds is a suggestion: nobody says so before the chart was rendered at these values and judged by the ordinary rules.
"""
