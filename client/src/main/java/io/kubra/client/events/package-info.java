/** Recording of Kubernetes Events, repeated ones counted instead of repeated. */
@NullMarked
package io.kubra.client.events;

import org.jspecify.annotations.NullMarked;
