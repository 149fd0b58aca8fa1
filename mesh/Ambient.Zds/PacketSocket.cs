using System.Net.Sockets;
using Ambient.Zds.Interop;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Zds;

/// <summary>
/// One end of a SOCK_SEQPACKET Unix connection whose packets may carry a descriptor (node-proxy 6.1). One reader and one writer at a time.
/// </summary>
public sealed class PacketSocket : IDisposable
{
    /// <summary>Both sides read into this much; a longer packet is a protocol error (node-proxy 6.1).</summary>
    public const int MaxPacketBytes = 1024;

    /// <summary>As long as the node agent waits for an answer (node-proxy 6.3).</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SendRetryInterval = TimeSpan.FromMilliseconds(10);

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[MaxPacketBytes];
    private readonly byte[] _peeked = new byte[1];

    internal PacketSocket(Socket socket) => _socket = socket;

    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<PacketSocket> ConnectAsync(string path, CancellationToken cancellation)
    {
        Socket socket = NewSocket();
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new PacketSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a packet. A connection that broke ends like one that was closed.</summary>
    public async ValueTask<ReceivedPacket> ReceiveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                // Peeked, because only recvmsg can take the descriptor that comes with the packet.
                if (await _socket.ReceiveAsync(_peeked, SocketFlags.Peek, cancellation) == 0)
                {
                    return default;
                }
            }
            catch (SocketException)
            {
                return default;
            }

            ReceivedPacket packet = DescriptorMessages.Receive(_socket.SafeHandle, _buffer, out int errno);
            if (errno is not DescriptorMessages.WouldBlock and not DescriptorMessages.Interrupted)
            {
                return packet;
            }
        }
    }

    /// <summary>Sends one packet, waiting at most <see cref="Patience"/> for room.</summary>
    /// <returns>False when it did not go: the other end is gone, or does not read.</returns>
    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes, SafeFileHandle? descriptor, CancellationToken cancellation) =>
        SendAsync(bytes, descriptor is null ? [] : [descriptor], cancellation);

    public void Dispose() => _socket.Dispose();

    internal static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);

    internal async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes, SafeFileHandle[] descriptors, CancellationToken cancellation)
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            int errno = DescriptorMessages.Send(_socket.SafeHandle, bytes.Span, descriptors);
            if (errno == 0)
            {
                return true;
            }

            bool isTemporary = errno is DescriptorMessages.WouldBlock or DescriptorMessages.Interrupted;
            if (!isTemporary || TimeProvider.System.GetElapsedTime(begin) > Patience)
            {
                return false;
            }

            await Task.Delay(SendRetryInterval, cancellation);
        }
    }
}
