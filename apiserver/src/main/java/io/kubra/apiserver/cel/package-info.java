/**
 * The Common Expression Language as Kubernetes extends it. Nothing here is loaded before the first
 * expression is compiled. Compiled expressions may be evaluated by any thread.
 */
@NullMarked
package io.kubra.apiserver.cel;

import org.jspecify.annotations.NullMarked;
