/** Keeps one pod on every node that a DaemonSet is for. */
@NullMarked
package io.kubra.controllers.daemonset;

import org.jspecify.annotations.NullMarked;
