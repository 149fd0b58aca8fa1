using Ambient.Transport.Sockets;

namespace Ambient.Transport.Loops;

/// <summary>
/// The sockets of a loop by the number that epoll hands back. Each slot counts its users, and the count is part of the
/// number, so an event still in the batch for a socket that was closed cannot reach the next user of its slot.
/// </summary>
internal sealed class SocketSlots
{
    private LoopSocket?[] _sockets = new LoopSocket?[64];
    private uint[] _generations = new uint[64];
    private readonly Stack<int> _free = new();
    private int _used;
    private int _count;

    /// <summary>Readable from any thread.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <returns>The token for epoll: generation in the high half, index in the low.</returns>
    internal ulong Add(LoopSocket socket)
    {
        if (!_free.TryPop(out int index))
        {
            index = _used++;
            if (index == _sockets.Length)
            {
                Array.Resize(ref _sockets, index * 2);
                Array.Resize(ref _generations, index * 2);
            }
        }

        _sockets[index] = socket;
        Volatile.Write(ref _count, _count + 1);
        return ((ulong)_generations[index] << 32) | (uint)index;
    }

    internal LoopSocket? Find(ulong token)
    {
        uint index = (uint)token;
        return index < (uint)_used && _generations[index] == (uint)(token >> 32) ? _sockets[index] : null;
    }

    internal void Remove(ulong token)
    {
        int index = (int)(uint)token;
        if (Find(token) is null)
        {
            throw new InvalidOperationException("The socket is not registered.");
        }

        _sockets[index] = null;
        _generations[index]++;
        _free.Push(index);
        Volatile.Write(ref _count, _count - 1);
    }

    internal List<LoopSocket> ToList()
    {
        var sockets = new List<LoopSocket>(_count);
        for (int index = 0; index < _used; index++)
        {
            if (_sockets[index] is { } socket)
            {
                sockets.Add(socket);
            }
        }

        return sockets;
    }
}
