/** Makes the container runtimes that nodes report usable as RuntimeClasses. */
@NullMarked
package io.kubra.controllers.runtimeclass;

import org.jspecify.annotations.NullMarked;
