/** Tests of informers against a real API server. */
@NullMarked
package io.kubra.client.informer;

import org.jspecify.annotations.NullMarked;
