namespace Ambient.Tls.Interop;

/// <summary>
/// The three functions of one key size. None blocks, and none works on more than one record (about a microsecond), so they are
/// called without the collector's transition.
/// </summary>
internal readonly unsafe struct IpsecMbFunctions
{
    private readonly delegate* unmanaged[SuppressGCTransition]<void*, void*, void> _expand;
    private readonly delegate* unmanaged[SuppressGCTransition]<void*, void*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void> _seal;
    private readonly delegate* unmanaged[SuppressGCTransition]<void*, void*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void> _open;

    public IpsecMbFunctions(nint expand, nint seal, nint open)
    {
        _expand = (delegate* unmanaged[SuppressGCTransition]<void*, void*, void>)expand;
        _seal = (delegate* unmanaged[SuppressGCTransition]<void*, void*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)seal;
        _open = (delegate* unmanaged[SuppressGCTransition]<void*, void*, byte*, byte*, ulong, byte*, byte*, ulong, byte*, ulong, void>)open;
    }

    /// <summary>Expands a raw key into <paramref name="keyData"/>.</summary>
    public void Expand(byte* key, void* keyData) => _expand(key, keyData);

    public void Seal(
        void* keyData, void* context, byte* output, byte* input, int length, byte* nonce, byte* header, int headerLength, byte* tag, int tagLength) =>
        _seal(keyData, context, output, input, (ulong)length, nonce, header, (ulong)headerLength, tag, (ulong)tagLength);

    /// <summary>Decrypts and computes the tag; comparing it is the caller's part.</summary>
    public void Open(
        void* keyData, void* context, byte* output, byte* input, int length, byte* nonce, byte* header, int headerLength, byte* tag, int tagLength) =>
        _open(keyData, context, output, input, (ulong)length, nonce, header, (ulong)headerLength, tag, (ulong)tagLength);
}
