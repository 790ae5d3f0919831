/**
 * The service proxy: Services and EndpointSlices as nftables rules. One virtual thread computes and
 * loads rules; each change is one atomic transaction.
 */
@NullMarked
package io.kubra.network.proxy;

import org.jspecify.annotations.NullMarked;
