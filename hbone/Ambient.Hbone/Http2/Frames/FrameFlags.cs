namespace Ambient.Hbone.Http2.Frames;

[Flags]
internal enum FrameFlags : byte
{
    None = 0x0,
    EndStream = 0x1,

    /// <summary>Of SETTINGS and PING; the same bit as <see cref="EndStream"/>.</summary>
    Acknowledge = EndStream,
    EndHeaders = 0x4,
    Padded = 0x8,
    Priority = 0x20,
}
