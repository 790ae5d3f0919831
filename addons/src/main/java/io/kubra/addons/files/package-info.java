/** Files that live for one piece of work. */
@NullMarked
package io.kubra.addons.files;

import org.jspecify.annotations.NullMarked;
