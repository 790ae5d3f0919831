package io.kubra.console;

import java.net.InetSocketAddress;

/**
 * What differs from one cluster's pages to another's.
 *
 * @param bind where to listen
 * @param cluster the cluster's name, shown at the top
 */
public record ConsoleConfig(InetSocketAddress bind, String cluster) {}
