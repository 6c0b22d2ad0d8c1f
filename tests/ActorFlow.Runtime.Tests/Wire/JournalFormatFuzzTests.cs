using System.Diagnostics;
using ActorFlow.Runtime.Wire;
using Google.Protobuf;

namespace ActorFlow.Runtime.Tests.Wire;

/// <summary>Damaged rows: an error that says so, never a crash, never a hang.</summary>
public sealed class JournalFormatFuzzTests
{
    private const int Mutations = 20_000;

    private static readonly byte[] Row = JournalFormat.Write(new(JournalSamples.Row));

    [Fact]
    public void A_row_cut_off_anywhere_is_read_in_part_or_refused()
    {
        for (var length = 0; length < Row.Length; length++)
        {
            TryRead(Row[..length]);
        }
    }

    [Fact]
    public void Mutated_rows_are_read_or_refused()
    {
        var random = new Random(20_261_123);
        var (refused, watch) = (0, Stopwatch.StartNew());
        for (var i = 0; i < Mutations; i++)
        {
            var bytes = Mutate(random);
            if (!TryRead(bytes))
            {
                refused++;
            }
        }

        // Both happen, or the mutations are too timid or too wild to show anything.
        Assert.InRange(refused, Mutations / 10, Mutations * 99 / 100);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), $"{Mutations:n0} rows took {watch.Elapsed}.");
    }

    [Theory]
    [InlineData("0a021a00", "later")]
    [InlineData("0a041a021a00", "place")]
    [InlineData("0a041a020a00", "id")]
    [InlineData("0a041a023a00", "execution")]
    [InlineData("0a05120300112233", "id")]
    [InlineData("0a0c08ffffffffffffffff7f1a00", "time")]
    public void What_is_missing_or_wrong_is_named(string hex, string name)
    {
        var error = Record.Exception(() => JournalFormat.Read(Convert.FromHexString(hex)));

        Assert.NotNull(error);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    private static byte[] Mutate(Random random)
    {
        var bytes = random.Next(2) == 0 ? JournalFormat.Write(new([JournalSamples.Commit(JournalSamples.All.Values.ElementAt(random.Next(JournalSamples.All.Count)))])) : [.. Row];
        var changes = random.Next(1, 6);
        for (var i = 0; i < changes && bytes.Length > 0; i++)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(4))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes = [.. bytes[..at], .. bytes[random.Next(at, bytes.Length)..]]; break;
                default: bytes = [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]]; break;
            }
        }

        return bytes;
    }

    private static bool TryRead(byte[] bytes)
    {
        try
        {
            JournalFormat.Read(bytes);
            return true;
        }
        catch (Exception refused) when (refused is InvalidProtocolBufferException or InvalidDataException or InvalidOperationException)
        {
            Assert.NotEqual(string.Empty, refused.Message);
            return false;
        }
    }
}
