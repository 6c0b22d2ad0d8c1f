
namespace ActorFlow.Core.Tests.Payloads;

public sealed class PayloadWritingTests
{
    [Fact]
    public void A_payload_can_be_written_while_another_is()
    {
        var outer = Payload.Write(writer =>
        {
            writer.WriteStartArray();
            writer.WriteRawValue(Payload.FromString("inner").Utf8.Span);
            writer.WriteRawValue(Payload.Write(inner => inner.WriteNumberValue(7)).Utf8.Span);
            writer.WriteEndArray();
        });

        Assert.Equal("""["inner",7]""", outer.ToString());
    }

    [Fact]
    public void One_that_could_not_be_written_leaves_nothing_behind()
    {
        Assert.Throws<InvalidTimeZoneException>(() => Payload.Write(writer =>
        {
            writer.WriteStartObject();
            throw new InvalidTimeZoneException();
        }));

        Assert.Equal("\"next\"", Payload.FromString("next").ToString());
    }

    [Fact]
    public void Long_ones_and_short_ones_follow_each_other()
    {
        var text = new string('x', 200_000);

        Assert.Equal(text.Length + 2, Payload.FromString(text).Length);
        Assert.Equal("\"y\"", Payload.FromString("y").ToString());
    }
}
