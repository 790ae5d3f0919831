/** Values that the user gives, as far as the library does not read them itself. */
@NullMarked
package io.kubra.addons.helm.values;

import org.jspecify.annotations.NullMarked;
