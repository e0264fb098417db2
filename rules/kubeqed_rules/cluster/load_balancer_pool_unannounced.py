"""A pool of MetalLB that nothing announces, or an address that none of its pools holds.

Services get an address of the pool, and nobody outside learns where it is: no
advertisement, of layer 2 or BGP, names the pool or covers all of its namespace.
Add an `L2Advertisement` or a `BGPAdvertisement`.

A Service that asks for an address of no pool gets none and stays pending: ask for
another, or add the address to a pool.
"""

from collections.abc import Iterator

from kubeqed.prove.questions.load_balancers import AddressInPool, PoolAnnounced, list_addresses_of_no_pool, list_pools
from kubeqed.rule import Certainty, Finding, Meta, WhenUnseen, World

META = Meta(
    summary="address pool that nothing announces, or address of no pool",
    certainty=Certainty.LIKELY,
    when_unseen=WhenUnseen.LIKELY,  # an advertisement stands beside its pool
    since="0.1",
    references=(
        "https://metallb.io/configuration/#announce-the-service-ips",
        "https://metallb.io/usage/#requesting-specific-ips",
    ),
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
WISH = (POOL + ANNOUNCED).replace("{name: web}", "{name: web, annotations: {metallb.io/loadBalancerIPs: %s}}%s")
WISHED = "  # expect: load-balancer-pool-unannounced (likely)"

VALID = [
    WISH % ("192.0.2.7", ""),
    WISH.replace("192.0.2.0/24", "10.0.0.1-10.0.0.9, 192.0.2.0/30") % ("'10.0.0.9,192.0.2.3'", ""),
    WISH.replace("192.0.2.0/24", "'${RANGE}'") % ("192.0.3.7", ""),
    WISH.replace("type: Load", "loadBalancerClass: kube-vip.io/kube-vip-class, type: Load") % ("192.0.3.7", ""),
    WISH % ("192.0.3.7", "") + "---\napiVersion: cilium.io/v2\nkind: CiliumLoadBalancerIPPool\nmetadata: {name: b}\n",
    POOL + ANNOUNCED,
    POOL + ANNOUNCED + "spec: {ipAddressPools: [other, all]}",
    POOL + ANNOUNCED.replace("L2Adv", "BGPAdv") + "spec: {ipAddressPoolSelectors: [{matchLabels: {a: b}}]}",
    POOL + ANNOUNCED + "spec: {ipAddressPools: ['${POOL}']}",
]
INVALID = [
    POOL + EXPECTED,
    POOL + EXPECTED + ANNOUNCED + "spec: {ipAddressPools: [other]}",
    POOL + EXPECTED + ANNOUNCED.replace("metallb-system", "default"),
    WISH % ("192.0.3.7", WISHED),
    POOL.replace("LoadBalancer", "LoadBalancer, loadBalancerIP: 192.0.3.7").replace(
        "port: 80}]}", f"port: 80}}]}}{WISHED}"
    )
    + ANNOUNCED,
]


def check(world: World) -> Iterator[Finding]:
    for pool in world.find(list_pools):
        answer = world.ask(PoolAnnounced(pool))
        if not answer.holds:
            yield Finding(
                at=pool.at("metadata.name"),
                answer=answer,
                at_most=Certainty.POSSIBLE if world.unit.producers else None,
                message=f"no advertisement announces the addresses of {pool}, so no client outside the cluster reaches them",
            )
    for wished in world.find(list_addresses_of_no_pool):
        yield Finding(
            at=wished.service.at(wished.path),
            answer=world.ask(AddressInPool(wished)),
            at_most=Certainty.POSSIBLE if world.unit.producers else None,
            message=f"{wished.service} asks for {wished.text}, which no pool of MetalLB holds, so it gets no address",
        )
