using Ambient.Tls;
using Ambient.Tls.Aead;

namespace Ambient.UnitTests.Tls;

public sealed unsafe class AeadTests
{
    private const int MaxInner = 16385;

    public static TheoryData<string> Providers => AeadProviders.Names;

    [Theory]
    [MemberData(nameof(Providers))]
    public void Passes_the_self_test(string provider) =>
        Assert.Null(AeadSelfTest.Run(AeadProviders.Get(provider), OpenSslAeadProvider.Instance));

    [Theory]
    [InlineData(16, 1)]
    [InlineData(16, 2)]
    [InlineData(32, 3)]
    [InlineData(32, 4)]
    public void All_providers_agree_on_seeded_random_input(int keyBytes, int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            byte[] key = new byte[keyBytes];
            byte[] nonceAndHeader = new byte[12 + 5];
            byte[] text = new byte[round % 4 == 0 ? random.Next(1, MaxInner + 1) : random.Next(1, 300)];
            random.NextBytes(key);
            random.NextBytes(nonceAndHeader);
            random.NextBytes(text);
            byte[] expected = Seal(OpenSslAeadProvider.Instance, key, nonceAndHeader, text);
            foreach (string name in AeadProviders.AllNames())
            {
                AeadProvider provider = AeadProviders.Get(name);
                Assert.Equal(expected, Seal(provider, key, nonceAndHeader, text));
                byte[] box = (byte[])expected.Clone();
                Assert.True(Open(provider, key, nonceAndHeader, box));
                Assert.Equal(text, box[..text.Length]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void Wipes_the_text_of_a_box_with_a_wrong_tag(string provider)
    {
        byte[] key = new byte[32];
        byte[] nonceAndHeader = new byte[17];
        foreach (int length in (int[])[1, 16, 100, 4096, MaxInner])
        {
            byte[] text = new byte[length];
            text.AsSpan().Fill(0x7A);
            byte[] box = Seal(AeadProviders.Get(provider), key, nonceAndHeader, text);
            box[^1] ^= 1;
            Assert.False(Open(AeadProviders.Get(provider), key, nonceAndHeader, box));
            Assert.Equal(-1, box.AsSpan(0, length).IndexOfAnyExcept((byte)0));
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void Opens_a_box_without_text(string provider)
    {
        // Sealing nothing never happens in TLS, since the content type is always there; receiving such a record does.
        using AeadKey key = AeadProviders.Get(provider).CreateKey(new byte[16]);
        byte[] nonceAndHeader = new byte[17];
        byte[] box = new byte[16];
        using var gcm = new System.Security.Cryptography.AesGcm(new byte[16], 16);
        gcm.Encrypt(nonceAndHeader.AsSpan(0, 12), [], [], box, nonceAndHeader.AsSpan(12));
        fixed (byte* nonce = nonceAndHeader, data = box)
        {
            Assert.True(key.Open(nonce, nonce + 12, 5, data, 0));
            data[3] ^= 0x40;
            Assert.False(key.Open(nonce, nonce + 12, 5, data, 0));
        }
    }

    [Fact]
    public void Takes_the_fast_implementation_when_it_passes()
    {
        var fast = new FaultyAeadProvider(corruptTags: false, needsMoreMemory: false);
        AeadSelection selection = AeadSelection.Choose(fast, string.Empty, OpenSslAeadProvider.Instance);
        Assert.Same(fast, selection.Provider);
        Assert.Contains("its self-test passed", selection.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, "published answers")]
    [InlineData(false, true, "more memory")]
    public void Falls_back_to_openssl_when_the_self_test_fails(bool corruptTags, bool needsMoreMemory, string expected)
    {
        var fast = new FaultyAeadProvider(corruptTags, needsMoreMemory);
        AeadSelection selection = AeadSelection.Choose(fast, string.Empty, OpenSslAeadProvider.Instance);
        Assert.Same(OpenSslAeadProvider.Instance, selection.Provider);
        Assert.Contains(expected, selection.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libIPSec_MB.so.none", "sse", "is not installed")]
    [InlineData("libcrypto.so.3", "sse", "has no AES-GCM functions")]
    [InlineData("libIPSec_MB.so.1", null, "no functions for this CPU")]
    public void Falls_back_to_openssl_when_the_library_cannot_be_used(string file, string? variant, string expected)
    {
        IpsecMbAeadProvider? fast = IpsecMbAeadProvider.TryCreate(file, variant, out string reason);
        Assert.Null(fast);
        AeadSelection selection = AeadSelection.Choose(fast, reason, OpenSslAeadProvider.Instance);
        Assert.Same(OpenSslAeadProvider.Instance, selection.Provider);
        Assert.Contains(expected, selection.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_what_it_chose_and_why()
    {
        Assert.StartsWith("AES-GCM by ", AeadChoice.Description, StringComparison.Ordinal);
        Assert.Contains(AeadChoice.Current.Provider.Name, AeadChoice.Description, StringComparison.Ordinal);
        bool isFastThere = IpsecMbAeadProvider.TryCreate(out _) is not null;
        Assert.Equal(isFastThere, AeadChoice.Current.Provider is IpsecMbAeadProvider);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void Refuses_a_key_of_another_size(string provider) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AeadProviders.Get(provider).CreateKey(new byte[24]));

    private static byte[] Seal(AeadProvider provider, byte[] key, byte[] nonceAndHeader, byte[] text)
    {
        using AeadKey expanded = provider.CreateKey(key);
        byte[] box = new byte[text.Length + AeadKey.TagBytes];
        fixed (byte* nonce = nonceAndHeader, source = text, target = box)
        {
            expanded.Seal(nonce, nonce + 12, 5, source, text.Length, target);
        }

        return box;
    }

    private static bool Open(AeadProvider provider, byte[] key, byte[] nonceAndHeader, byte[] box)
    {
        using AeadKey expanded = provider.CreateKey(key);
        fixed (byte* nonce = nonceAndHeader, data = box)
        {
            return expanded.Open(nonce, nonce + 12, 5, data, box.Length - AeadKey.TagBytes);
        }
    }
}
