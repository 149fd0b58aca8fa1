using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Zds.Interop;

/// <summary>One packet with or without a descriptor, by SCM_RIGHTS (unix(7)). Non-blocking; errors are errno values.</summary>
internal static unsafe class DescriptorMessages
{
    internal const int WouldBlock = 11;
    internal const int Interrupted = 4;

    private const int MessageControlTruncated = 0x8;
    private const int MessageTruncated = 0x20;
    private const int MessageDoNotWait = 0x40;
    private const int MessageNoSignal = 0x4000;
    private const int MessageCloseOnExec = 0x40000000;
    private const int LevelSocket = 1;
    private const int Rights = 1;

    /// <summary>struct cmsghdr: length as size_t, level, type; the descriptors follow.</summary>
    private const int ControlHeaderBytes = 16;

    /// <summary>More than the one that is allowed, so that a packet with two is seen as such; the kernel closes what has no room.</summary>
    internal const int MaxDescriptors = 8;

    private const int ControlBytes = ControlHeaderBytes + (MaxDescriptors * sizeof(int));

    /// <param name="descriptors">At most <see cref="MaxDescriptors"/>; the protocol sends none or one.</param>
    internal static int Send(SafeHandle socket, ReadOnlySpan<byte> bytes, ReadOnlySpan<SafeFileHandle> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MaxDescriptors);
        long* control = stackalloc long[ControlBytes / sizeof(long)];
        int* words = (int*)control;
        Span<bool> held = stackalloc bool[MaxDescriptors];
        fixed (byte* first = bytes)
        {
            MessageHeader.Vector vector = new() { Base = first, Length = bytes.Length };
            MessageHeader header = new() { Vectors = &vector, VectorCount = 1 };
            try
            {
                for (int index = 0; index < descriptors.Length; index++)
                {
                    descriptors[index].DangerousAddRef(ref held[index]);
                    words[(ControlHeaderBytes / sizeof(int)) + index] = (int)descriptors[index].DangerousGetHandle();
                }

                if (!descriptors.IsEmpty)
                {
                    int length = ControlHeaderBytes + (descriptors.Length * sizeof(int));
                    control[0] = length;
                    words[2] = LevelSocket;
                    words[3] = Rights;
                    header.Control = control;
                    header.ControlLength = Align(length);
                }

                return LibC.SendMessage((int)socket.DangerousGetHandle(), &header, MessageNoSignal | MessageDoNotWait) >= 0
                    ? 0
                    : Marshal.GetLastPInvokeError();
            }
            finally
            {
                for (int index = 0; index < descriptors.Length; index++)
                {
                    if (held[index])
                    {
                        descriptors[index].DangerousRelease();
                    }
                }
            }
        }
    }

    /// <summary>Every descriptor that came is in the packet or closed, whatever else is wrong with the message.</summary>
    internal static ReceivedPacket Receive(SafeHandle socket, byte[] buffer, out int errno)
    {
        long* control = stackalloc long[ControlBytes / sizeof(long)];
        fixed (byte* first = buffer)
        {
            MessageHeader.Vector vector = new() { Base = first, Length = buffer.Length };
            MessageHeader header = new() { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlBytes };
            nint length = LibC.ReceiveMessage((int)socket.DangerousGetHandle(), &header, MessageDoNotWait | MessageCloseOnExec);
            if (length < 0)
            {
                errno = Marshal.GetLastPInvokeError();
                return default;
            }

            errno = 0;
            Span<int> descriptors = stackalloc int[MaxDescriptors];
            descriptors = descriptors[..ReadDescriptors((byte*)control, header.ControlLength, descriptors)];
            string? fault = FindFault(header.Flags, descriptors.Length);
            if (fault is null)
            {
                return new ReceivedPacket(buffer.AsMemory(0, (int)length), Own(descriptors), null);
            }

            foreach (int descriptor in descriptors)
            {
                LibC.Close(descriptor);
            }

            return new ReceivedPacket(default, null, fault);
        }
    }

    private static string? FindFault(int flags, int descriptors) =>
        (flags & MessageTruncated) != 0 ? "the packet is longer than the buffer"
        : (flags & MessageControlTruncated) != 0 ? "control data is truncated"
        : descriptors > 1 ? $"{descriptors} descriptors in one packet"
        : null;

    private static SafeFileHandle? Own(ReadOnlySpan<int> descriptors) =>
        descriptors.IsEmpty ? null : new SafeFileHandle(descriptors[0], ownsHandle: true);

    private static int ReadDescriptors(byte* control, nint controlLength, Span<int> into)
    {
        int count = 0;
        nint position = 0;
        while (position + ControlHeaderBytes <= controlLength)
        {
            nint length = Unsafe.ReadUnaligned<nint>(control + position);
            if (length < ControlHeaderBytes || length > controlLength - position)
            {
                break;
            }

            if (Unsafe.ReadUnaligned<int>(control + position + 8) == LevelSocket && Unsafe.ReadUnaligned<int>(control + position + 12) == Rights)
            {
                for (nint at = ControlHeaderBytes; at + sizeof(int) <= length && count < into.Length; at += sizeof(int))
                {
                    into[count++] = Unsafe.ReadUnaligned<int>(control + position + at);
                }
            }

            position += Align(length);
        }

        return count;
    }

    /// <summary>CMSG_ALIGN.</summary>
    private static nint Align(nint length) => (length + sizeof(long) - 1) & ~(nint)(sizeof(long) - 1);
}
