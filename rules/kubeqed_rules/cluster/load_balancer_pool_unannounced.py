"""An address pool of MetalLB that nothing announces.

Services get an address of the pool, and nobody outside learns where it is: no
advertisement, of layer 2 or BGP, names the pool or covers all of its namespace.
Add an `L2Advertisement` or a `BGPAdvertisement`.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.load_balancers import PoolAnnounced, list_pools
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="address pool that nothing announces",
    certainty=Certainty.LIKELY,
    when_unseen=WhenUnseen.LIKELY,  # an advertisement stands beside its pool
    since="0.1",
    references=("https://metallb.io/configuration/#announce-the-service-ips",),
)

POOL = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata:
  namespace: metallb-system
  name: all"""
ANNOUNCED = """
spec: {addresses: [192.0.2.0/24]}
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: {name: all, namespace: metallb-system}
"""
EXPECTED = "  # expect: 9 load-balancer-pool-unannounced (likely)"

VALID = [
    POOL + ANNOUNCED,
    POOL + ANNOUNCED + "spec: {ipAddressPools: [other, all]}",
    POOL + ANNOUNCED.replace("L2Adv", "BGPAdv") + "spec: {ipAddressPoolSelectors: [{matchLabels: {a: b}}]}",
    POOL + ANNOUNCED + "spec: {ipAddressPools: ['${POOL}']}",
]
INVALID = [
    POOL + EXPECTED,
    POOL + EXPECTED + ANNOUNCED + "spec: {ipAddressPools: [other]}",
    POOL + EXPECTED + ANNOUNCED.replace("metallb-system", "default"),
]


def check(world: World) -> Iterator[Finding]:
    for pool in world.find(list_pools):
        answer = world.ask(PoolAnnounced(pool))
        if not answer.holds:
            yield Finding(
                at=pool.at("metadata.name"),
                answer=answer,
                at_most=Certainty.POSSIBLE if world.unit.producers else None,
                message=f"no advertisement announces the addresses of {pool}, so nobody outside reaches them",
            )
