namespace Ambient.Tls.Aead;

/// <summary>
/// Decides whether an implementation is trusted with traffic: published answers first, then agreement with OpenSSL over lengths that
/// reach each of its code paths, then refusal of changed input. Takes a few milliseconds, once per process.
/// </summary>
internal static unsafe class AeadSelfTest
{
    private const int HeaderBytes = 5;

    // The AES-GCM paper's test cases 4 and 16 (also NIST's), AES-128 and AES-256 with additional data.
    private const string Key128 = "feffe9928665731c6d6a8f9467308308";
    private const string Tag128 = "5bc94fbc3221a5db94fae95ae7121a47";
    private const string Tag256 = "76fc6ece0f4e1768cddf8853bb2d551b";
    private const string PublishedNonce = "cafebabefacedbaddecaf888";
    private const string PublishedHeader = "feedfacedeadbeeffeedfacedeadbeefabaddad2";

    private const string PublishedText =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";

    private static readonly int[] Lengths =
        [1, 15, 16, 17, 31, 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512, 513, 767, 768, 769, 1024, 2049, 4096, 8191, 16384, 16385];

    /// <returns>null if every answer is right, else what was wrong.</returns>
    public static string? Run(AeadProvider provider, AeadProvider reference)
    {
        if (!provider.KeysFitTheirMemory())
        {
            return "it needs more memory for a key than is kept for it";
        }

        if (!GivesPublishedTag(provider, Key128, Tag128) || !GivesPublishedTag(provider, Key128 + Key128, Tag256))
        {
            return "it does not give the published answers";
        }

        return Agrees(provider, reference, 16) && Agrees(provider, reference, 32) ? null : "it disagrees with OpenSSL";
    }

    private static bool GivesPublishedTag(AeadProvider provider, string keyHex, string tagHex)
    {
        using AeadKey key = provider.CreateKey(Convert.FromHexString(keyHex));
        byte[] nonce = Convert.FromHexString(PublishedNonce);
        byte[] header = Convert.FromHexString(PublishedHeader);
        byte[] text = Convert.FromHexString(PublishedText);
        byte[] output = new byte[text.Length + AeadKey.TagBytes];
        fixed (byte* n = nonce, h = header, t = text, o = output)
        {
            key.Seal(n, h, header.Length, t, text.Length, o);
            bool isSealed = output.AsSpan(text.Length).SequenceEqual(Convert.FromHexString(tagHex));
            return isSealed && key.Open(n, h, header.Length, o, text.Length) && output.AsSpan(0, text.Length).SequenceEqual(text);
        }
    }

    private static bool Agrees(AeadProvider provider, AeadProvider reference, int keyBytes)
    {
        byte[] material = Pattern(keyBytes + AeadKey.NonceBytes + HeaderBytes);
        using AeadKey tested = provider.CreateKey(material.AsSpan(0, keyBytes));
        using AeadKey trusted = reference.CreateKey(material.AsSpan(0, keyBytes));
        byte[] text = Pattern(Lengths[^1]);
        foreach (int length in Lengths)
        {
            byte[] expected = Seal(trusted, material, keyBytes, text, length);
            byte[] actual = Seal(tested, material, keyBytes, text, length);
            if (!actual.AsSpan().SequenceEqual(expected) || !OpensOnlyUnchanged(tested, material, keyBytes, text, actual, length))
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] Seal(AeadKey key, byte[] material, int keyBytes, byte[] text, int length)
    {
        byte[] output = new byte[length + AeadKey.TagBytes];
        fixed (byte* m = material, t = text, o = output)
        {
            byte* nonce = m + keyBytes;
            key.Seal(nonce, nonce + AeadKey.NonceBytes, HeaderBytes, t, length, o);
        }

        return output;
    }

    private static bool OpensOnlyUnchanged(AeadKey key, byte[] material, int keyBytes, byte[] text, byte[] box, int length)
    {
        byte[] changedText = (byte[])box.Clone();
        changedText[length / 2] ^= 0x10;
        byte[] changedTag = (byte[])box.Clone();
        changedTag[^1] ^= 0x01;
        fixed (byte* m = material, good = box, badText = changedText, badTag = changedTag)
        {
            byte* nonce = m + keyBytes;
            byte* header = nonce + AeadKey.NonceBytes;
            return key.Open(nonce, header, HeaderBytes, good, length)
                && box.AsSpan(0, length).SequenceEqual(text.AsSpan(0, length))
                && !key.Open(nonce, header, HeaderBytes, badText, length)
                && !key.Open(nonce, header, HeaderBytes, badTag, length)
                && !changedTag.AsSpan(0, length).ContainsAnyExcept((byte)0);
        }
    }

    private static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)((i * 167) + (i >> 8) + 13);
        }

        return bytes;
    }
}
