using System.Runtime.Intrinsics.X86;

namespace Ambient.Tls.Aead;

/// <summary>Which of libipsec-mb's builds this CPU and operating system can run, fastest first.</summary>
internal static class IpsecMbVariants
{
    // CPUID leaf 7, ECX.
    private const int Gfni = 1 << 8;
    private const int Vaes = 1 << 9;
    private const int Vpclmulqdq = 1 << 10;

    /// <summary>Null if the CPU lacks what even the oldest build needs.</summary>
    public static string? Best() => All().FirstOrDefault();

    /// <summary>The runtime's checks cover the operating system too: registers that it does not save count as missing.</summary>
    public static IEnumerable<string> All()
    {
        if (!Sse42.IsSupported || !Aes.IsSupported || !Pclmulqdq.IsSupported)
        {
            yield break;
        }

        bool hasAvx512 = Avx512F.IsSupported && Avx512BW.IsSupported && Avx512CD.IsSupported && Avx512DQ.IsSupported
            && Avx512F.VL.IsSupported && Bmi2.IsSupported;
        const int WideAes = Gfni | Vaes | Vpclmulqdq;
        if (hasAvx512 && (X86Base.CpuId(7, 0).Ecx & WideAes) == WideAes)
        {
            yield return "vaes_avx512";
        }

        if (hasAvx512)
        {
            yield return "avx512";
        }

        if (Avx2.IsSupported && Bmi2.IsSupported)
        {
            yield return "avx_gen4";
        }

        if (Avx.IsSupported)
        {
            yield return "avx_gen2";
        }

        yield return "sse";
    }
}
