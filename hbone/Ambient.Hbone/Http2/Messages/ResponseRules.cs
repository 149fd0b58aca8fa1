using Ambient.Hbone.Http2.Hpack;

namespace Ambient.Hbone.Http2.Messages;

/// <summary>What makes a response malformed (RFC 9113 8.3.2): :status, three digits, is its only pseudo header.</summary>
internal static class ResponseRules
{
    private const int SwitchingProtocols = 101;

    public static MessageHead Check(HeaderList list, bool endStream)
    {
        MessageHead head = default;
        if (list.Count == 0)
        {
            head.Error = "no :status";
            return head;
        }

        int offset = 0;
        Http2HeaderField first = list.Next(0, ref offset);
        if (!first.Name.SequenceEqual(":status"u8))
        {
            head.Error = "a response that does not begin with :status";
            return head;
        }

        head.Status = MessageRules.ParseStatus(first.Value);
        if (head.Status is 0 or SwitchingProtocols)
        {
            head.Error = "a :status that HTTP/2 does not have";
        }
        else if (head.Status < 200 && endStream)
        {
            head.Error = "an interim response that ends the stream";
        }
        else
        {
            FieldRules.Check(list, 1, offset, default, ref head);
        }

        return head;
    }
}
