"""`python -m kubeqed.cli`."""

from kubeqed.cli.group import main

if __name__ == "__main__":
    main()
