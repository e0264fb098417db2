"""What is known of ingress controllers: package data, made from ingress_controllers.yaml, typed when it is loaded."""
