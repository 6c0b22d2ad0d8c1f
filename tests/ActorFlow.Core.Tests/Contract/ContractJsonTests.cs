using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorFlow.Core.Tests.Contract;

/// <summary>The types of the contract as JSON: payloads are values, enums are words, and what is written is read again.</summary>
public sealed partial class ContractJsonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_description_is_written_with_values_and_words_and_read_again()
    {
        var description = new WorkflowDescription
        {
            Id = "order-7",
            RunId = Guid.Empty,
            Definition = new("order", 3, "abc"),
            Status = WorkflowStatus.Waiting,
            Generation = 1,
            Input = Payload.Parse("""{"b":1,"a":[null,"ü😀"]}"""),
            StartedAt = Noon,
            UpdatedAt = Noon,
            Tags = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("customer", "7"),
            Tasks = [new() { Path = "pay", Kind = "signal", Phase = TaskPhase.Running, Attempts = 1, Wait = TaskWait.Signal, WaitsFor = "payment", Since = Noon }],
            Waits = [new("pay", WaitKind.Signal, Noon, null, "payment")],
            Questions = [],
            Signals = [new("other", Payload.Null)],
            Failures = [],
            ToUndo = [],
        };

        var json = JsonSerializer.Serialize(description, ContractContext.Default.WorkflowDescription);
        var again = JsonSerializer.Deserialize(json, ContractContext.Default.WorkflowDescription)!;

        Assert.Contains("\"input\":{\"b\":1,\"a\":[null,\"ü😀\"]}", json, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"waiting\"", json, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"signal\",\"since\":\"2026-03-01T12:00:00+00:00\"", json, StringComparison.Ordinal);
        Assert.Equal(json, JsonSerializer.Serialize(again, ContractContext.Default.WorkflowDescription));
        Assert.Equal(description.Waits[0], again.Waits[0]);
        Assert.Equal(description.Signals[0], again.Signals[0]);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("12345678901234567890.5")]
    [InlineData("{\"a\":{\"b\":[]}}")]
    public void A_payload_is_the_value_that_it_holds(string value)
    {
        var signal = JsonSerializer.Deserialize($$"""{"name":"x","payload": {{value}} }""", ContractContext.Default.PendingSignal)!;

        Assert.Equal(value, signal.Payload.ToString());
        Assert.Equal($$"""{"name":"x","payload":{{value}}}""", JsonSerializer.Serialize(signal, ContractContext.Default.PendingSignal));
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\udc00\":1}")]
    public void A_payload_with_half_of_a_surrogate_pair_is_refused(string value) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize($$"""{"name":"x","payload":{{value}}}""", ContractContext.Default.PendingSignal));

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_payload_that_nests_deeper_than_128_levels_is_refused(int levels, bool fits)
    {
        var json = $$"""{"name":"x","payload":{{new string('[', levels)}}{{new string(']', levels)}}}""";
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { MaxDepth = 1_000 };

        if (fits)
        {
            Assert.Equal(2 * levels, JsonSerializer.Deserialize<PendingSignal>(json, options)!.Payload.Length);
        }
        else
        {
            Assert.Throws<JsonTooDeepException>(() => JsonSerializer.Deserialize<PendingSignal>(json, options));
        }
    }

    [Fact]
    public void Values_of_net_types_go_through_their_type_information()
    {
        var payload = Payload.From(new Order(7, "Ünal"), ContractContext.Default.Order);

        Assert.Equal("""{"number":7,"customer":"Ünal"}""", payload.ToString());
        Assert.Equal(new Order(7, "Ünal"), payload.To(ContractContext.Default.Order));
        Assert.Throws<JsonException>(() => Payload.From(new Order(1, "\ud800"), ContractContext.Default.Order));
        Assert.Throws<JsonException>(() => Payload.Parse("[]").To(ContractContext.Default.Order));
    }

    [Theory]
    [InlineData("0195a1b2c3d47e5f8899aabbccddeeff.12.3", true)]
    [InlineData("00000000000000000000000000000000.0.0", true)]
    [InlineData("0195a1b2c3d47e5f8899aabbccddeeff.12", false)]
    [InlineData("0195a1b2c3d47e5f8899aabbccddeeff.-1.0", false)]
    [InlineData("0195a1b2c3d47e5f8899aabbccddeeff.99999999999999999999.0", false)]
    [InlineData("x.1.1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_place_in_a_history_is_read_as_it_is_written(string? text, bool isToken)
    {
        Assert.Equal(isToken, HistoryToken.TryParse(text, out var token));
        if (isToken)
        {
            Assert.Equal(text, token.ToString());
        }
        else
        {
            Assert.Equal(HistoryToken.Start, token);
        }
    }

    [Fact]
    public void Every_status_has_one_word_in_lists_and_in_JSON() => Assert.All(Enum.GetValues<WorkflowStatus>(), status =>
        Assert.Equal($"\"{status.ToWord()}\"", JsonSerializer.Serialize(status, ContractContext.Default.WorkflowStatus)));

    internal sealed record Order(int Number, string Customer);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = false)]
    [JsonSerializable(typeof(WorkflowDescription))]
    [JsonSerializable(typeof(PendingSignal))]
    [JsonSerializable(typeof(WorkflowStatus))]
    [JsonSerializable(typeof(Order))]
    internal sealed partial class ContractContext : JsonSerializerContext;
}
