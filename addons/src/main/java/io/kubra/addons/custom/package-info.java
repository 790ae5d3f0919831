/** Custom resources as the add-ons use them: trees with metadata, and their definitions. */
@NullMarked
package io.kubra.addons.custom;

import org.jspecify.annotations.NullMarked;
