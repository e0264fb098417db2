"""The templates of ApplicationSets that are Go's: parsed and evaluated as far as they are used for Applications."""
