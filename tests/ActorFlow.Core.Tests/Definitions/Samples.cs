using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Definitions;

/// <summary>Texts that several tests read.</summary>
internal static class Samples
{
    /// <summary>The example of the language page, as far as this version goes: a wait in the place of the question to a person.</summary>
    public const string OrderFulfilment = """
        name: order-fulfilment            # [a-z0-9][a-z0-9._-]{0,99}
        version: 3                        # integer >= 1 (default 1)
        description: Reserve, charge, ship.
        input:
          type: object
          required: [orderId, items]
        defaults: { timeout: 30s, queue: default, retry: { max-attempts: 3 } }
        timeout: 2d
        max-parallel: 50
        on-failure: fail
        checkpoint: { every: 50 }
        tasks:
          reserve:
            uses: inventory.reserve
            with: { items: "${{ input.items }}" }
            compensate: { uses: inventory.release, with: { id: "${{ tasks.reserve.output.id }}" } }
          risk:
            switch:
              - { case: manual, if: "${{ input.total > 1000 }}" }
              - { case: auto }
            needs: [reserve]
          approve:
            delay: 1d
            needs: [risk.manual]
          charge:
            uses: payments.charge
            needs: [risk.auto, approve]
            if: ${{ tasks.approve.status != 'completed' || tasks.approve.output === null }}
            retry: { max-attempts: 5, backoff: exponential, initial: 1s, max: 1m, factor: 2, jitter: 0.2, non-retryable: [CardDeclined] }
          ship:
            for-each: ${{ input.items }}
            max-parallel: 10
            uses: shipping.ship
            with: { sku: "${{ item.sku }}", n: "${{ index }}" }
            needs: [charge]
        output:
          receipt: ${{ tasks.charge.output?.id }}
          parcels: ${{ tasks.ship.output }}
        """;

    /// <summary>The definitions of a text that is valid.</summary>
    public static WorkflowDefinition Read(string text, string file = "flow.yaml")
    {
        var documents = DefinitionReader.Read(text, file);
        Assert.Empty(documents.Errors);
        return documents.Main;
    }
}
