/**
 * Pods and what carries a pod template: defaults, checks, updates, quality of service. Workloads
 * call {@link io.kubra.apiserver.rules.pod.PodDefaults} and {@link
 * io.kubra.apiserver.rules.pod.PodTemplates}.
 */
@NullMarked
package io.kubra.apiserver.rules.pod;

import org.jspecify.annotations.NullMarked;
