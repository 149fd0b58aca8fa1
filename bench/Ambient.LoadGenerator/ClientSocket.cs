using System.Net;
using System.Runtime.InteropServices;
using Ambient.LoadGenerator.Interop;

namespace Ambient.LoadGenerator;

/// <summary>The socket calls that more than one load shape makes, on plain descriptors: an object per connection would cost the generator more than the call.</summary>
internal static unsafe class ClientSocket
{
    /// <summary>Starts a non-blocking connect; negative when not even that was possible (out of ports or descriptors).</summary>
    public static int StartConnect(NativeEndPoint destination, NativeEndPoint? source)
    {
        int socket = LibC.Socket(LibC.AddressFamilyInet, LibC.SocketTypeStreamNonBlocking, 0);
        if (socket < 0)
        {
            return -1;
        }

        SetOption(socket, LibC.LevelTcp, LibC.OptionNoDelay, 1);
        if (source is NativeEndPoint local)
        {
            // The port is chosen at connect, when the destination is known: otherwise every connection would need a port that nobody else has.
            SetOption(socket, LibC.LevelIp, LibC.OptionBindAddressNoPort, 1);
            _ = LibC.Bind(socket, &local, sizeof(NativeEndPoint));
        }

        if (LibC.Connect(socket, &destination, sizeof(NativeEndPoint)) < 0 && Marshal.GetLastPInvokeError() != LibC.ErrorInProgress)
        {
            _ = LibC.Close(socket);
            return -1;
        }

        return socket;
    }

    public static int Listen(IPEndPoint local)
    {
        int socket = LibC.Socket(LibC.AddressFamilyInet, LibC.SocketTypeStreamNonBlocking, 0);
        SetOption(socket, LibC.LevelSocket, LibC.OptionReuseAddress, 1);
        NativeEndPoint address = NativeEndPoint.From(local);
        if (socket < 0 || LibC.Bind(socket, &address, sizeof(NativeEndPoint)) < 0 || LibC.Listen(socket, 4096) < 0)
        {
            throw new IOException($"Cannot listen on {local}: errno {Marshal.GetLastPInvokeError()}");
        }

        return socket;
    }

    public static void SetOption(int socket, int level, int option, int value) =>
        _ = LibC.SetSocketOption(socket, level, option, &value, sizeof(int));

    /// <summary>Makes the next close send a reset instead of a FIN.</summary>
    public static void ResetOnClose(int socket)
    {
        long onWithZeroSeconds = 1;
        _ = LibC.SetSocketOption(socket, LibC.LevelSocket, LibC.OptionLinger, &onWithZeroSeconds, sizeof(long));
    }

    public static bool IsConnected(int socket)
    {
        int error = 0;
        int length = sizeof(int);
        return LibC.GetSocketOption(socket, LibC.LevelSocket, LibC.OptionError, &error, &length) == 0 && error == 0;
    }

    /// <summary>True when all of the bytes were taken by the kernel; the generator's messages are far below any send buffer.</summary>
    public static bool SendAll(int socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return LibC.Send(socket, start, bytes.Length, LibC.SendWithoutSignal) == bytes.Length;
        }
    }

    /// <summary>Bytes read, 0 at the end of the stream, -1 when nothing is there yet, -2 on an error.</summary>
    public static int Receive(int socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint received = LibC.Receive(socket, start, buffer.Length, 0);
            return received >= 0 ? (int)received : Marshal.GetLastPInvokeError() == LibC.ErrorWouldBlock ? -1 : -2;
        }
    }
}
