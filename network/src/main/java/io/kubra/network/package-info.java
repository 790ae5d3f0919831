/** What a node contributes to the cluster's network: Services, names and routes. */
@NullMarked
package io.kubra.network;

import org.jspecify.annotations.NullMarked;
