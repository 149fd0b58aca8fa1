using Ambient.Tls.Aead;

namespace Ambient.UnitTests.Tls;

/// <summary>OpenSSL's AES-GCM with the faults that the self-test must find.</summary>
internal sealed class FaultyAeadProvider(bool corruptTags, bool needsMoreMemory) : AeadProvider
{
    public override string Name => "faulty";

    public override AeadKey CreateKey(ReadOnlySpan<byte> key) => new FaultyKey(OpenSslAeadProvider.Instance.CreateKey(key), corruptTags);

    public override bool KeysFitTheirMemory() => !needsMoreMemory;

    private sealed unsafe class FaultyKey(AeadKey inner, bool corruptTags) : AeadKey
    {
        public override void Seal(byte* nonce, byte* header, int headerLength, byte* source, int length, byte* destination)
        {
            inner.Seal(nonce, header, headerLength, source, length, destination);
            if (corruptTags)
            {
                destination[length] ^= 1;
            }
        }

        public override bool Open(byte* nonce, byte* header, int headerLength, byte* data, int length) =>
            inner.Open(nonce, header, headerLength, data, length);

        public override void Dispose() => inner.Dispose();
    }
}
