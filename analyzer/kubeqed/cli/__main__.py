"""`python -m kubeqed.cli`."""

from kubeqed.cli.process import run

if __name__ == "__main__":
    run()
