/** The OCI runtimes of a machine: which ones there are, and how containerd is to call them. */
@NullMarked
package io.kubra.cli.runtime;

import org.jspecify.annotations.NullMarked;
