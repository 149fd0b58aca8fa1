using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ambient.Transport.Interop;
using Ambient.Transport.Sockets;

namespace Ambient.UnitTests.Transport;

public sealed class InteropLayoutTests
{
    [Fact]
    public void IoVector_is_struct_iovec()
    {
        Assert.Equal(16, Unsafe.SizeOf<IoVector>());
    }

    [Fact]
    public void MessageHeader_is_struct_msghdr()
    {
        Assert.Equal(56, Unsafe.SizeOf<MessageHeader>());
        Assert.Equal(16, (int)Marshal.OffsetOf<MessageHeader>(nameof(MessageHeader.Vectors)));
        Assert.Equal(48, (int)Marshal.OffsetOf<MessageHeader>(nameof(MessageHeader.Flags)));
    }

    [Fact]
    public void PackedEndPoint_stays_within_its_budget_of_24_bytes()
    {
        Assert.Equal(24, Unsafe.SizeOf<PackedEndPoint>());
    }
}
