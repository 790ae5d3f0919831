/** What pods ask for and may use, and how that becomes the kernel's numbers. Pure functions. */
@NullMarked
package io.kubra.node.resources;

import org.jspecify.annotations.NullMarked;
