"""The one engine: policies over classes of pods become blocks of sources, destinations and ports.

In come classes of `topology` and policies of `policy`, out come blocks, or the ports of one pair. The steps are: `index`
turns what a rule says into sets of classes and addresses, `allowed` works out what each class accepts and sends,
`blocks` joins both directions. Work grows with the number of classes, not of pods: 100,000 workloads are some thousand
classes.
"""
