"""The properties of charts, as a report names them."""

from enum import Enum


class ChartProperty(Enum):
    """What should hold of an object wherever it is there."""

    BACKEND = "a backend's Service exists"
    BACKEND_PORT = "a backend's port exists"
    GOVERNING = "the governing Service exists"
    HEADLESS = "the governing Service is headless"
    SELECTED = "a workload has the pods that it selects"
    TARGET_PORT = "the pods that it selects declare the port that it names"
    ISOLATED = "a workload has the pods that it isolates"
