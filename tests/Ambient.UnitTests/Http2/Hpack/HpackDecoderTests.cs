using System.Text;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Http2.Hpack;

namespace Ambient.UnitTests.Http2.Hpack;

public class HpackDecoderTests
{
    [Theory]
    [InlineData("80", "index 0")]
    [InlineData("be", "an index into an empty dynamic table")]
    [InlineData("ff00", "index 127")]
    [InlineData("ff", "an integer cut short")]
    [InlineData("ff80808080808000", "an integer of needless length")]
    [InlineData("ffffffffff7f", "an integer that overflows")]
    [InlineData("7e0161", "a name index into an empty dynamic table")]
    [InlineData("40", "a name cut short")]
    [InlineData("400261", "a name longer than the block")]
    [InlineData("400161", "a missing value")]
    [InlineData("4001610261", "a value longer than the block")]
    [InlineData("4081000161", "a Huffman code that pads with a zero")]
    [InlineData("4084ffffffff0161", "a Huffman code with the end-of-string symbol")]
    [InlineData("3fe21f", "a table size above the limit")]
    [InlineData("823f00", "a table size update after a field")]
    [InlineData("202020", "three table size updates")]
    public void Refuses(string block, string what) => Assert.True(Decode(new HpackDecoder(4_096), block) is null, what);

    [Theory]
    [InlineData("20", "")]
    [InlineData("203fe11f", "")]
    [InlineData("3fe11f82", ":method: GET")]
    [InlineData("", "")]
    public void Takes_table_size_updates_in_front(string block, string fields) =>
        Assert.Equal(fields, Decode(new HpackDecoder(4_096), block));

    [Fact]
    public void A_literal_that_is_never_indexed_stays_out_of_the_table()
    {
        HpackDecoder decoder = new(4_096);
        Assert.Equal("a: b", Decode(decoder, "1001610162"));
        Assert.Equal("a: b", Decode(decoder, "0001610162"));
        Assert.Equal(0, decoder.Table.Count);
    }

    [Fact]
    public void An_entry_larger_than_the_table_empties_it_and_is_no_error()
    {
        HpackDecoder decoder = new(4_096);
        Decode(decoder, "4001610162");
        Assert.Equal(1, decoder.Table.Count);
        byte[] block = [0x40, 1, (byte)'a', 0x7f, 0x81, 0x27, .. new byte[5_120]];
        Assert.NotNull(Decode(decoder, Convert.ToHexString(block)));
        Assert.Equal((0, 0), (decoder.Table.Count, decoder.Table.Size));
    }

    [Fact]
    public void A_smaller_table_evicts_the_oldest_entries_first()
    {
        HpackDecoder decoder = new(4_096);
        Decode(decoder, "40016101314001620132400163" + "0133");
        Assert.Equal(102, decoder.Table.Size);
        Assert.Equal("c: 3|b: 2", Decode(decoder, "3f25bebf"));
        Assert.Null(Decode(decoder, "c0"));
    }

    // RFC 7541 4.4: the entry whose name is used may be evicted by the new one.
    [Fact]
    public void A_name_may_come_from_the_entry_that_its_own_insertion_evicts()
    {
        HpackDecoder decoder = new(4_096);
        decoder.Table.SetMaxSize(80);
        string name = new('n', 30);
        Decode(decoder, $"401e{Hex(name)}0131");
        for (int i = 0; i < 500; i++)
        {
            string value = $"{i % 10}{i % 7}{i % 5}";
            Assert.Equal($"{name}: {value}", Decode(decoder, $"7e03{Hex(value)}"));
            Assert.Equal($"{name}: {value}", Decode(decoder, "be"));
            Assert.Equal(65, decoder.Table.Size);
        }
    }

    [Fact]
    public void The_table_behaves_like_a_plain_list_under_random_use()
    {
        Random random = new(77);
        HpackDynamicTable table = new(1_000);
        List<(string Name, string Value)> model = [];
        for (int step = 0; step < 50_000; step++)
        {
            if (random.Next(500) == 0)
            {
                table.SetMaxSize(random.Next(1_001));
            }

            string name = new((char)('a' + random.Next(26)), random.Next(1, 60));
            string value = new((char)('A' + random.Next(26)), random.Next(0, 200));
            table.Insert(Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(value));
            model.Insert(0, (name, value));
            while (model.Sum(entry => entry.Name.Length + entry.Value.Length + 32) > table.MaxSize)
            {
                model.RemoveAt(model.Count - 1);
            }

            Assert.Equal(model.Count, table.Count);
            if (model.Count > 0)
            {
                int place = random.Next(model.Count);
                table.Get(place, out ReadOnlySpan<byte> gotName, out ReadOnlySpan<byte> gotValue);
                Assert.Equal(model[place], (Encoding.ASCII.GetString(gotName), Encoding.ASCII.GetString(gotValue)));
            }
        }
    }

    [Fact]
    public void The_static_table_is_that_of_appendix_A()
    {
        Assert.Equal(":authority", Encoding.ASCII.GetString(HpackStaticTable.Name(1)));
        Assert.Equal("gzip, deflate", Encoding.ASCII.GetString(HpackStaticTable.Value(16)));
        Assert.Equal("www-authenticate", Encoding.ASCII.GetString(HpackStaticTable.Name(61)));
        Assert.Equal(61, HpackStaticTable.Count);
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.ASCII.GetBytes(text));

    private static string? Decode(HpackDecoder decoder, string block)
    {
        HeaderList list = new(65_536);
        if (decoder.Decode(Convert.FromHexString(block), list) is not null)
        {
            return null;
        }

        List<string> lines = [];
        foreach (Http2HeaderField field in list.ToHeaders())
        {
            lines.Add($"{Encoding.Latin1.GetString(field.Name)}: {Encoding.Latin1.GetString(field.Value)}");
        }

        return string.Join('|', lines);
    }
}
