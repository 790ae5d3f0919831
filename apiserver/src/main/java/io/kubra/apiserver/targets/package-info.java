/**
 * Service discovery for Prometheus: nodes, pods and the endpoints of Services as lists of targets,
 * for Prometheus whose distribution left its own Kubernetes discovery out.
 */
@NullMarked
package io.kubra.apiserver.targets;

import org.jspecify.annotations.NullMarked;
