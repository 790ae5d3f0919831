/**
 * Local copies of resources that follow the API server by list and watch. Each informer has one
 * virtual thread, on which its handlers are called.
 */
@NullMarked
package io.kubra.client.informer;

import org.jspecify.annotations.NullMarked;
