using System.Buffers.Binary;
using System.Text;

namespace Ambient.Testing.Http2;

/// <summary>Builds frames by hand, valid or not.</summary>
public static class FrameBytes
{
    public static byte[] Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    public static byte[] Frame(int type, int flags, int streamId, params byte[] payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, ((uint)payload.Length << 8) | (byte)type);
        frame[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), streamId);
        payload.CopyTo(frame, 9);
        return frame;
    }

    public static byte[] Data(int streamId, int length, int flags = 0)
    {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++)
        {
            payload[i] = (byte)i;
        }

        return Frame(Http2Frame.Data, flags, streamId, payload);
    }

    public static byte[] PaddedData(int streamId, int length, int padding, int flags = 0)
    {
        byte[] payload = new byte[1 + length + padding];
        payload[0] = (byte)padding;
        for (int i = 0; i < length; i++)
        {
            payload[1 + i] = (byte)i;
        }

        return Frame(Http2Frame.Data, flags | Http2Frame.Padded, streamId, payload);
    }

    public static byte[] Headers(int streamId, byte[] block, int flags = Http2Frame.EndHeaders) =>
        Frame(Http2Frame.Headers, flags, streamId, block);

    public static byte[] Connect(int streamId, string authority = "10.0.0.1:80", int flags = Http2Frame.EndHeaders) =>
        Headers(streamId, Block((":method", "CONNECT"), (":authority", authority)), flags);

    public static byte[] Response(int streamId, string status = "200", int flags = Http2Frame.EndHeaders) =>
        Headers(streamId, Block((":status", status)), flags);

    public static byte[] Reset(int streamId, int error) => Frame(Http2Frame.Reset, 0, streamId, Int(error));

    public static byte[] WindowUpdate(int streamId, int increment) => Frame(Http2Frame.WindowUpdate, 0, streamId, Int(increment));

    public static byte[] Ping(long payload, int flags = 0)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, payload);
        return Frame(Http2Frame.Ping, flags, 0, bytes);
    }

    public static byte[] GoAway(int lastStreamId, int error) => Frame(Http2Frame.GoAway, 0, 0, [.. Int(lastStreamId), .. Int(error)]);

    public static byte[] Settings(params (int Id, uint Value)[] entries)
    {
        byte[] payload = new byte[entries.Length * 6];
        for (int i = 0; i < entries.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(i * 6), (ushort)entries[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((i * 6) + 2), entries[i].Value);
        }

        return Frame(Http2Frame.Settings, 0, 0, payload);
    }

    public static byte[] SettingsAck => Frame(Http2Frame.Settings, Http2Frame.Ack, 0);

    public static byte[] Int(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>A header block of literals without indexing, Huffman code or references.</summary>
    public static byte[] Block(params (string Name, string Value)[] fields)
    {
        List<byte> block = [];
        foreach ((string name, string value) in fields)
        {
            block.Add(0);
            AddString(block, name);
            AddString(block, value);
        }

        return [.. block];
    }

    private static void AddString(List<byte> block, string text)
    {
        int length = text.Length;
        if (length < 127)
        {
            block.Add((byte)length);
        }
        else
        {
            block.Add(127);
            for (length -= 127; length >= 128; length >>= 7)
            {
                block.Add((byte)((length & 127) | 128));
            }

            block.Add((byte)length);
        }

        block.AddRange(Encoding.Latin1.GetBytes(text));
    }
}
