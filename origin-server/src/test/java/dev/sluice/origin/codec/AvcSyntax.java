package dev.sluice.origin.codec;

import java.util.Random;

/**
 * Parameter sets and slices that use every branch of the syntax, drawn from a seed. Written from
 * the tables of AVC 7.3, apart from the parser.
 */
final class AvcSyntax {
  private static final int[] PROFILES = {66, 77, 88, 100, 110, 122, 244, 44, 118, 128};
  private final Random random;
  final int profile;
  final int spsId;
  final int ppsId;
  int chroma = 1;
  boolean separate;
  final int frameNumBits;
  final int pocType;
  int pocBits;
  boolean alwaysZero;
  final int width;
  final int height;
  final boolean framesOnly;
  final boolean cabac;
  final boolean pocPresent;
  final int groupsMinus1;
  final int mapType;
  int changeRate;
  final int l0;
  final int l1;
  final boolean weighted;
  final int bipred;
  final boolean deblocking;
  final boolean redundant;

  AvcSyntax(long seed) {
    random = new Random(seed);
    profile = PROFILES[random.nextInt(PROFILES.length)];
    spsId = random.nextInt(32);
    ppsId = random.nextInt(256);
    frameNumBits = 4 + random.nextInt(13);
    pocType = random.nextInt(3);
    width = 1 + random.nextInt(120);
    height = 1 + random.nextInt(68);
    framesOnly = coin();
    cabac = coin();
    pocPresent = coin();
    groupsMinus1 = coin() ? 0 : 1 + random.nextInt(7);
    mapType = random.nextInt(7);
    l0 = 1 + random.nextInt(32);
    l1 = 1 + random.nextInt(32);
    weighted = coin();
    bipred = random.nextInt(3);
    deblocking = coin();
    redundant = coin();
  }

  private boolean coin() {
    return random.nextBoolean();
  }

  private int signed(int min, int max) {
    return min + random.nextInt(max - min + 1);
  }

  byte[] sps() {
    var out = new NalWriter(3, 7).u(8, profile).u(16, 31).ue(spsId);
    if (profile >= 100 || profile == 44) {
      chroma = random.nextInt(4);
      out.ue(chroma);
      if (chroma == 3) {
        separate = coin();
        out.flag(separate);
      }
      out.ue(random.nextInt(7)).ue(random.nextInt(7)).flag(coin());
      boolean matrix = coin();
      out.flag(matrix);
      for (int list = 0; matrix && list < (chroma == 3 ? 12 : 8); list++) {
        scalingList(out, list < 6 ? 16 : 64);
      }
    }
    out.ue(frameNumBits - 4).ue(pocType);
    if (pocType == 0) {
      pocBits = 4 + random.nextInt(13);
      out.ue(pocBits - 4);
    } else if (pocType == 1) {
      alwaysZero = coin();
      out.flag(alwaysZero).se(signed(-70000, 70000)).se(Integer.MAX_VALUE);
      int cycle = random.nextInt(256);
      out.ue(cycle);
      for (int i = 0; i < cycle; i++) {
        out.se(signed(-9, 9));
      }
    }
    out.ue(random.nextInt(17)).flag(coin()).ue(width - 1L).ue(height - 1L).flag(framesOnly);
    if (!framesOnly) {
      out.flag(coin()); // mb_adaptive_frame_field_flag
    }
    return out.flag(true).flag(false).flag(false).u(1, 1).toNal();
  }

  private void scalingList(NalWriter out, int size) {
    boolean present = coin();
    out.flag(present);
    int last = 8;
    int next = 8;
    for (int i = 0; present && i < size; i++) {
      if (next != 0) {
        int delta = random.nextInt(20) == 0 ? last < 128 ? -last : 256 - last : signed(-8, 8);
        delta = Math.min(delta, 127);
        out.se(delta);
        next = (last + delta + 256) % 256;
      }
      last = next == 0 ? last : next;
    }
  }

  byte[] pps() {
    var out = new NalWriter(3, 8).ue(ppsId).ue(spsId).flag(cabac).flag(pocPresent);
    out.ue(groupsMinus1);
    if (groupsMinus1 > 0) {
      out.ue(mapType);
      if (mapType == 0) {
        for (int i = 0; i <= groupsMinus1; i++) {
          out.ue(random.nextInt(width * height));
        }
      } else if (mapType == 2) {
        for (int i = 0; i < groupsMinus1; i++) {
          int topLeft = random.nextInt(width * height);
          out.ue(topLeft).ue(topLeft + (long) random.nextInt(width * height - topLeft));
        }
      } else if (mapType >= 3 && mapType <= 5) {
        changeRate = 1 + random.nextInt(width * height);
        out.flag(coin()).ue(changeRate - 1L);
      } else if (mapType == 6) {
        out.ue((long) width * height - 1);
        int bits = groupsMinus1 >= 4 ? 3 : groupsMinus1 >= 2 ? 2 : 1;
        for (int i = 0; i < width * height; i++) {
          out.u(bits, random.nextInt(groupsMinus1 + 1));
        }
      }
    }
    out.ue(l0 - 1L).ue(l1 - 1L).flag(weighted).u(2, bipred);
    out.se(signed(-26, 25)).se(signed(-26, 25)).se(signed(-12, 12));
    return out.flag(deblocking).flag(coin()).flag(redundant).u(1, 1).toNal();
  }

  /** A slice header. Call after {@link #sps()} and {@link #pps()}. */
  NalWriter slice() {
    boolean idr = coin();
    int refIdc = idr ? 1 : random.nextInt(4);
    // An IDR picture has slices of types I and SI only.
    int type = idr ? (coin() ? 2 : 4) + (coin() ? 5 : 0) : random.nextInt(10);
    boolean p = type % 5 == 0;
    boolean b = type % 5 == 1;
    boolean sp = type % 5 == 3;
    boolean si = type % 5 == 4;
    var out = new NalWriter(refIdc, idr ? 5 : 1).ue(random.nextInt(8000)).ue(type).ue(ppsId);
    if (separate) {
      out.u(2, random.nextInt(3));
    }
    out.u(frameNumBits, coin() ? 0 : random.nextInt(1 << frameNumBits));
    boolean field = false;
    if (!framesOnly) {
      field = coin();
      out.flag(field);
      if (field) {
        out.flag(coin());
      }
    }
    if (idr) {
      out.ue(random.nextInt(65536));
    }
    if (pocType == 0) {
      out.u(pocBits, coin() ? 0 : random.nextInt(1 << pocBits));
      if (pocPresent && !field) {
        out.se(signed(-40000, 40000));
      }
    }
    if (pocType == 1 && !alwaysZero) {
      out.se(signed(-40000, 40000));
      if (pocPresent && !field) {
        out.se(signed(-40000, 40000));
      }
    }
    if (redundant) {
      out.ue(random.nextInt(128));
    }
    if (b) {
      out.flag(coin());
    }
    if (p || sp || b) {
      references(out, p || sp, b);
    }
    if (refIdc != 0) {
      marking(out, idr);
    }
    if (cabac && (p || sp || b)) {
      out.ue(random.nextInt(3));
    }
    out.se(signed(-51, 51));
    if (sp) {
      out.flag(coin());
    }
    if (sp || si) {
      out.se(signed(-51, 51));
    }
    if (deblocking) {
      int idc = random.nextInt(3);
      out.ue(idc);
      if (idc != 1) {
        out.se(signed(-6, 6)).se(signed(-6, 6));
      }
    }
    if (groupsMinus1 > 0 && mapType >= 3 && mapType <= 5) {
      int bits = 0;
      // Ceil(Log2(size / rate + 1)) with reals: the least n with 2^n >= size / rate + 1.
      while (((1L << bits) - 1) * changeRate < (long) width * height) {
        bits++;
      }
      out.u(bits, 0);
    }
    return out;
  }

  private void references(NalWriter out, boolean p, boolean b) {
    int active0 = l0;
    int active1 = l1;
    boolean override = coin();
    out.flag(override);
    if (override) {
      active0 = 1 + random.nextInt(32);
      out.ue(active0 - 1L);
      if (b) {
        active1 = 1 + random.nextInt(32);
        out.ue(active1 - 1L);
      }
    }
    modification(out);
    if (b) {
      modification(out);
    }
    if ((weighted && p) || (bipred == 1 && b)) {
      boolean hasChroma = chroma != 0 && !separate;
      out.ue(random.nextInt(8));
      if (hasChroma) {
        out.ue(random.nextInt(8));
      }
      weights(out, active0, hasChroma);
      if (b) {
        weights(out, active1, hasChroma);
      }
    }
  }

  private void modification(NalWriter out) {
    boolean present = coin();
    out.flag(present);
    if (present) {
      for (int i = random.nextInt(33); i > 0; i--) {
        out.ue(random.nextInt(3)).ue(random.nextInt(70000));
      }
      out.ue(3);
    }
  }

  private void weights(NalWriter out, int active, boolean hasChroma) {
    for (int i = 0; i < active; i++) {
      boolean luma = coin();
      out.flag(luma);
      if (luma) {
        out.se(signed(-128, 127)).se(signed(-128, 127));
      }
      if (hasChroma) {
        boolean present = coin();
        out.flag(present);
        for (int j = 0; present && j < 4; j++) {
          out.se(signed(-128, 127));
        }
      }
    }
  }

  private void marking(NalWriter out, boolean idr) {
    if (idr) {
      out.flag(coin()).flag(coin());
      return;
    }
    boolean adaptive = coin();
    out.flag(adaptive);
    if (adaptive) {
      for (int i = random.nextInt(30); i > 0; i--) {
        int operation = 1 + random.nextInt(6);
        out.ue(operation);
        if (operation == 1 || operation == 3) {
          out.ue(random.nextInt(70000));
        }
        if (operation == 2) {
          out.ue(random.nextInt(32));
        }
        if (operation == 3 || operation == 6) {
          out.ue(random.nextInt(32));
        }
        if (operation == 4) {
          out.ue(random.nextInt(33));
        }
      }
      out.ue(0);
    }
  }
}
