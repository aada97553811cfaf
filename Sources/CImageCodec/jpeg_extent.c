#include "jpeg_extent.h"

void jpeg_extent_note(j_decompress_ptr cinfo, jpeg_extent *extent) {
    int refines = cinfo->progressive_mode && (cinfo->Ss != 0 || cinfo->Ah != 0);
    if (extent->cut || refines) return;
    for (int i = 0; i < cinfo->comps_in_scan; i++) {
        JDIMENSION *rows = &extent->rows[cinfo->cur_comp_info[i]->component_index];
        if (cinfo->input_iMCU_row > *rows) *rows = cinfo->input_iMCU_row;
    }
}

/* Rows of blocks that are there of every component. */
static JDIMENSION block_rows(j_decompress_ptr cinfo, const jpeg_extent *extent) {
    JDIMENSION rows = cinfo->total_iMCU_rows;
    for (int i = 0; i < cinfo->num_components; i++) {
        if (extent->rows[i] < rows) rows = extent->rows[i];
    }
    return rows;
}

JDIMENSION jpeg_extent_rows(j_decompress_ptr cinfo, const jpeg_extent *extent) {
    unsigned long long rows = (unsigned long long)block_rows(cinfo, extent) * DCTSIZE * cinfo->max_v_samp_factor;
    return rows < cinfo->image_height ? (JDIMENSION)rows : cinfo->image_height;
}

int jpeg_extent_is_whole(j_decompress_ptr cinfo, const jpeg_extent *extent) {
    if (extent->cut || block_rows(cinfo, extent) < cinfo->total_iMCU_rows) return 0;
    if (!cinfo->progressive_mode) return 1;
    /* Bits of each coefficient that no scan has told; -1 for all. */
    for (int i = 0; i < cinfo->num_components; i++) {
        for (int k = 0; k < DCTSIZE2; k++) {
            if (cinfo->coef_bits[i][k] != 0) return 0;
        }
    }
    return 1;
}
