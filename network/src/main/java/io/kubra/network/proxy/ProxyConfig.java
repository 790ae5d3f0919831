package io.kubra.network.proxy;

import java.util.List;

/**
 * What the proxy must know of its node.
 *
 * @param table the nftables table it owns
 * @param nodeName the node, for traffic policies that keep to it
 * @param podNetwork the network of all pods in CIDR notation; traffic from elsewhere to a cluster
 *     IP is masqueraded
 * @param directNetworks networks that pods reach under their own address; empty to leave
 *     masquerading of pods to others
 */
public record ProxyConfig(
    String table, String nodeName, String podNetwork, List<String> directNetworks) {}
