using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Ambient.ControlPlane.Distribution;
using Google.Protobuf;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>What was published, by fingerprint: the messages themselves are kept by those who serve them.</summary>
internal sealed class PublishedResources
{
    private readonly Dictionary<ResourceKey, UInt128> _held = [];
    private readonly Dictionary<ResourceKey, (IMessage? Message, UInt128 Fingerprint)> _pending = [];

    public void Publish(ResourceKind kind, string name, IMessage message)
    {
        ResourceKey key = new(kind, name);
        UInt128 fingerprint = Fingerprint(message);
        if (_held.TryGetValue(key, out UInt128 held) && held == fingerprint)
        {
            _pending.Remove(key);
        }
        else
        {
            _pending[key] = (message, fingerprint);
        }
    }

    public void Withdraw(ResourceKind kind, string name)
    {
        ResourceKey key = new(kind, name);
        if (_held.ContainsKey(key))
        {
            _pending[key] = (null, default);
        }
        else
        {
            _pending.Remove(key);
        }
    }

    public MeshChange Settle()
    {
        List<MeshResource> changed = [];
        List<ResourceKey> removed = [];
        foreach ((ResourceKey key, (IMessage? message, UInt128 fingerprint)) in _pending)
        {
            if (message is null)
            {
                _held.Remove(key);
                removed.Add(key);
            }
            else
            {
                _held[key] = fingerprint;
                changed.Add(new MeshResource(key, message));
            }
        }

        _pending.Clear();
        return new MeshChange(changed, removed);
    }

    private static UInt128 Fingerprint(IMessage message)
    {
        int length = message.CalculateSize();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            message.WriteTo(buffer.AsSpan(0, length));
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(buffer.AsSpan(0, length), hash);
            return BinaryPrimitives.ReadUInt128BigEndian(hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
