using Ambient.Testing.Http2;
using static Ambient.Testing.Http2.FrameBytes;

namespace Ambient.UnitTests.Http2;

/// <summary>Valid input that touches every frame type, as the ground for tests that cut and mutate it.</summary>
internal static class Conversations
{
    private const int EndBoth = Http2Frame.EndHeaders | Http2Frame.EndStream;

    /// <summary>What a client sends; the first parts are its preface and SETTINGS.</summary>
    public static byte[][] ToServer =>
    [
        Preface,
        Settings((1, 4_096), (2, 0), (4, 100_000), (5, 20_000), (6, 9_000)),
        SettingsAck,
        Connect(1, "10.0.0.1:80"),
        Headers(3, [.. Block((":method", "CONNECT")), 0x41, 0x8c, .. Convert.FromHexString("f1e3c2e5f23a6ba0ab90f4ff"), 0x40, 1, 0x61, 1, 0x62]),
        WindowUpdate(0, 1_000),
        Data(1, 60),
        PaddedData(3, 20, 9),
        Headers(5, Block((":method", "CONNECT"), (":authority", "b:2"))[..9], 0),
        Frame(Http2Frame.Continuation, Http2Frame.EndHeaders, 5, Block((":method", "CONNECT"), (":authority", "b:2"))[9..]),
        Frame(Http2Frame.Priority, 0, 3, 0, 0, 0, 1, 5),
        Data(5, 0),
        Ping(99),
        WindowUpdate(3, 500),
        Headers(7, Block((":method", "POST"), (":scheme", "http"), (":path", "/"), ("content-length", "4"))),
        Data(7, 4),
        Headers(7, [.. Block(("x", "y")), 0xbe], EndBoth),
        Frame(0x55, 0x55, 1, new byte[30]),
        Data(3, 10, Http2Frame.EndStream),
        Reset(5, 8),
        Settings((4, 50)),
        Headers(9, [0x20, .. Block((":method", "CONNECT"), (":authority", "c:3"))], EndBoth),
        GoAway(0, 0),
        Data(1, 5, Http2Frame.EndStream),
    ];

    /// <summary>What a server sends to a client that has opened streams 1 to 9.</summary>
    public static byte[][] ToClient =>
    [
        Settings((3, 100), (4, 100_000), (5, 20_000), (6, 9_000)),
        SettingsAck,
        Response(1),
        Headers(3, [0x88, 0x40, 1, 0x61, 1, 0x62]),
        Response(5, "103"),
        WindowUpdate(0, 1_000),
        Data(1, 60),
        PaddedData(3, 20, 9),
        Headers(5, Block((":status", "503"), ("content-length", "3"))[..9], 0),
        Frame(Http2Frame.Continuation, Http2Frame.EndHeaders, 5, Block((":status", "503"), ("content-length", "3"))[9..]),
        Data(5, 3, Http2Frame.EndStream),
        Ping(99),
        WindowUpdate(3, 500),
        Headers(7, [0x08, 3, 0x34, 0x30, 0x31, 0xbe], EndBoth),
        Frame(0x55, 0x55, 1, new byte[30]),
        Data(3, 10, Http2Frame.EndStream),
        Reset(9, 8),
        Settings((4, 50)),
        GoAway(7, 0),
        Ping(5, Http2Frame.Ack),
        Data(1, 5, Http2Frame.EndStream),
    ];
}
