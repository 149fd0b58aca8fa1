using System.Security.Cryptography;

namespace Ambient.Lab.Probes;

/// <summary>Bytes that both sides of a probe can make from a seed, so that a digest tells whether all arrived in order.</summary>
public static class ProbePattern
{
    public static byte[] Build(int seed, int length)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
