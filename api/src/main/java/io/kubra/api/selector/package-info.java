/** Label and field selectors, in their query and object forms. */
@NullMarked
package io.kubra.api.selector;

import org.jspecify.annotations.NullMarked;
